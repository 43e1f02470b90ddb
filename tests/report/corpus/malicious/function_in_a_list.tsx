export default function Report({ data }) {
  const f = (x) => x.n;
  const fs = [f];
  return <p>{data.title}</p>;
}
