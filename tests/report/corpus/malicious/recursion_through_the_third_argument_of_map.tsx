export default function Report({ data }) {
  const h = (x, i, all) => all.slice(1).map(x);
  const x = [h, h, h].map(h);
  return <p>{data.title}</p>;
}
