export default function Report({ data }) {
  const p = data.prototype;
  return <p>{data.title}</p>;
}
