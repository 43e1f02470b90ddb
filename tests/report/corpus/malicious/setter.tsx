export default function Report({ data }) {
  const o = { set title(v) { return; } };
  return <p>{data.title}</p>;
}
