export default function Report({ data }) {
  const x = (data.title = "other");
  return <p>{data.title}</p>;
}
