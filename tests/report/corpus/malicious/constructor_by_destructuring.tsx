export default function Report({ data }) {
  const { constructor: c } = data;
  return <p>{data.title}</p>;
}
