export default function Report({ data }) {
  const g = this;
  return <p>{data.title}</p>;
}
