export default function Report({ data }) {
  const x = typeof window;
  return <p>{data.title}</p>;
}
