export default function Report({ data }) {
  const x = data.fields.flatMap((f) => data.fields);
  return <p>{data.title}</p>;
}
