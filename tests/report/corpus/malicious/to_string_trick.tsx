export default function Report({ data }) {
  const o = { toString: () => "x" };
  return <p>{data.title}</p>;
}
