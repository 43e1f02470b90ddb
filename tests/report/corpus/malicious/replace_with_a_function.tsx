export default function Report({ data }) {
  const x = data.title.replace("a", eval);
  return <p>{data.title}</p>;
}
