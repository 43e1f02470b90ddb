export default function Report({ data }) {
  const x = "title" in data;
  return <p>{data.title}</p>;
}
