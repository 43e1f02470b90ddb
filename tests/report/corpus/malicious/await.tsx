export default function Report({ data }) {
  const x = await data;
  return <p>{data.title}</p>;
}
