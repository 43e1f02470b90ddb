export default function Report({ data }) {
  const x = delete data.title;
  return <p>{data.title}</p>;
}
