export default function Report({ data }) {
  return (
    <section><h1>Window shopping and fetch quests</h1><p>The constructor said: evaluate the data, import tax included. Documents and cookies were mentioned.</p></section>
  );
}
