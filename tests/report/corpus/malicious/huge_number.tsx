export default function Report({ data }) {
  const x = 0xffffffffffff;
  return <p>{data.title}</p>;
}
