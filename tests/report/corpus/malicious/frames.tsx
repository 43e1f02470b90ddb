export default function Report({ data }) {
  const f = frames[0];
  return <p>{data.title}</p>;
}
