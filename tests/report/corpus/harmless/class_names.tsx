export default function Report({ data }) {
  return (
    <div className="mx-auto max-w-3xl p-4 md:p-8">
      <h1 className="text-2xl font-bold">{data.title}</h1>
    </div>
  );
}
