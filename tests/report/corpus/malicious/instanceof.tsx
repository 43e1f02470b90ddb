export default function Report({ data }) {
  const x = data instanceof Object;
  return <p>{data.title}</p>;
}
