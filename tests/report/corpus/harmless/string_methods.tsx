export default function Report({ data }) {
  return (
    <p>{data.title.trim().toUpperCase()} {data.title.startsWith("A") ? "first" : "later"} {data.fields.map((f) => f.name).includes("age") ? "with age" : ""}</p>
  );
}
