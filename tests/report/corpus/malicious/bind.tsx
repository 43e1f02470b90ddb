export default function Report({ data }) {
  const f = data.fields.filter.bind(data);
  return <p>{data.title}</p>;
}
