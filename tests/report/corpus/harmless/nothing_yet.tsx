export default function Report({ data }) {
  if (!data.interviews) {
    return <p>Nobody has been interviewed yet.</p>;
  }
  return (
    <main><h1>{data.title}</h1></main>
  );
}
