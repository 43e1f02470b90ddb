export default function Report({ data }) {
  const o = { [data.title]: 1 };
  return <p>{data.title}</p>;
}
