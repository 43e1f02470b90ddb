export default function Report({ data }) {
  const here = import.meta.url;
  return <p>{data.title}</p>;
}
