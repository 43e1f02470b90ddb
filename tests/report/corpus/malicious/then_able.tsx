export default function Report({ data }) {
  const o = { then: () => null };
  return <p>{data.title}</p>;
}
