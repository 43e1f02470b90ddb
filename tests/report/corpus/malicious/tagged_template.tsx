export default function Report({ data }) {
  const x = data.title`alert(1)`;
  return <p>{data.title}</p>;
}
