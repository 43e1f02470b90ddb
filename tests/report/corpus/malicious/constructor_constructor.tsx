export default function Report({ data }) {
  const f = data.constructor.constructor("return this")();
  return <p>{data.title}</p>;
}
