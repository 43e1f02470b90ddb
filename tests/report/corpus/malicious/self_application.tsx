export default function Report({ data }) {
  const f = (g) => g(g);
  const x = f(f);
  return <p>{data.title}</p>;
}
