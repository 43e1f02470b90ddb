export default function Report({ data }) {
  const x = data.fields.map?.((f) => f.n);
  return <p>{data.title}</p>;
}
