export default function Report({ data }) {
  const { constructor } = data;
  return <p>{data.title}</p>;
}
