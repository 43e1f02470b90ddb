export default function Report({ data }) {
  const a = arguments[0];
  return <p>{data.title}</p>;
}
