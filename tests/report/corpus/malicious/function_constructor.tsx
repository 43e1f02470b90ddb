export default function Report({ data }) {
  const f = Function("return this")();
  return <p>{data.title}</p>;
}
