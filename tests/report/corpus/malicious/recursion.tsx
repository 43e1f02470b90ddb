export default function Report({ data }) {
  const f = (n) => f(n + 1);
  const x = f(1);
  return <p>{data.title}</p>;
}
