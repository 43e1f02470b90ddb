export default function Report({ data }) {
  return (
    <p>{data.fields[0]?.counts?.map((c) => c.value).join(", ") ?? "none"}</p>
  );
}
