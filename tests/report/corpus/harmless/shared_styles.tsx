export default function Report({ data }) {
  const box = { display: "grid", gap: 12, gridTemplateColumns: "repeat(2, 1fr)", padding: "16px 24px", boxShadow: "0 1px 3px rgba(0, 0, 0, 0.2)" };
  const small = { fontSize: "0.875rem", lineHeight: 1.5 };
  return (
    <div style={box}><p style={small}>{data.summary}</p></div>
  );
}
