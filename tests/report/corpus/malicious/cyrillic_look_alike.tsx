export default function Report({ data }) {
  const dаta = 1;
  return <p>{data.title}</p>;
}
