export default function Report({ data }) {
  const a​b = 1;
  return <p>{data.title}</p>;
}
