export default function Report({ data }) {
  const f = data.title["constructor"];
  return <p>{data.title}</p>;
}
