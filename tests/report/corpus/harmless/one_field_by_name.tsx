export default function Report({ data }) {
  const field = data.fields.find((f) => f.name === "satisfaction");
  return (
    <p>{field ? field.description : "Nothing was asked."}</p>
  );
}
