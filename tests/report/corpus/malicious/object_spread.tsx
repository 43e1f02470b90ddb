export default function Report({ data }) {
  const o = { ...data };
  return <p>{data.title}</p>;
}
