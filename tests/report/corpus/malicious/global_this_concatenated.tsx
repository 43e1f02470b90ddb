export default function Report({ data }) {
  const f = globalThis["fe" + "tch"]("/x");
  return <p>{data.title}</p>;
}
