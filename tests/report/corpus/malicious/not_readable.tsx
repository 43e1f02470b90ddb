export default function Report({ data }) {
  const = ;
  return <p>{data.title}</p>;
}
