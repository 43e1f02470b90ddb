export default function Report({ data }) {
  const x = Array.from({ length: 1000000000 });
  return <p>{data.title}</p>;
}
