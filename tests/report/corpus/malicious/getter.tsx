export default function Report({ data }) {
  const o = { get title() { return data; } };
  return <p>{data.title}</p>;
}
