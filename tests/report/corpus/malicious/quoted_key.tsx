export default function Report({ data }) {
  const o = { "__proto__": data };
  return <p>{data.title}</p>;
}
