export default function Report({ data }) {
  throw data;
  return <p>{data.title}</p>;
}
