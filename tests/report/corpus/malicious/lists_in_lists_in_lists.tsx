export default function Report({ data }) {
  const x = data.fields.map((a) => data.fields.map((b) => data.fields.map((c) => data.fields.map((d) => d.n))));
  return <p>{data.title}</p>;
}
