export default function Report({ data }) {
  const shown = data.title;
  return <p style={{ border: "image-set(x)" }}>{shown}</p>;
}
