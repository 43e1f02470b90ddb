export default async function Report({ data }) {
  return <p>{data.title}</p>;
}
