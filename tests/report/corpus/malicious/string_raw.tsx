export default function Report({ data }) {
  const x = String.raw`a`;
  return <p>{data.title}</p>;
}
