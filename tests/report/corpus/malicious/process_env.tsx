export default function Report({ data }) {
  const secret = process.env.DATABASE_URL;
  return <p>{data.title}</p>;
}
