// What people say about a trace, an observation, a session or a prompt's version.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'

import { createComment, deleteComment, listComments, type CommentObject } from '../../api/annotation'
import { messageOf } from '../../api/client'
import { useMayWrite } from '../../api/queries'
import type { SignedComment } from '../../api/types'
import { formatAgo, formatDateTime } from '../../lib/format'
import { Hostile } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { ErrorState, InlineError, LoadingState } from '../../ui/Feedback'
import { TextArea } from '../../ui/Field'
import { toast } from '../../ui/Toast'
import { useNow } from '../../ui/useNow'
import { Markdown } from '../../ui/content/Markdown'
import styles from './Comments.module.css'

const MAX = 5000

export const commentsQuery = (projectId: string, objectType: CommentObject, objectId: string) =>
  queryOptions({ queryKey: ['comments', projectId, objectType, objectId], queryFn: async ({ signal }) => (await listComments(projectId, objectType, objectId, signal)).data, staleTime: 20_000 })

export function Comments({ projectId, objectType, objectId }: { projectId: string; objectType: CommentObject; objectId: string }) {
  const comments = useQuery(commentsQuery(projectId, objectType, objectId))
  const mayWrite = useMayWrite(projectId)
  const now = useNow(60_000)
  if (comments.isPending) return <LoadingState label="Loading comments" />
  if (comments.isError) return <ErrorState title="The comments could not be loaded" message={messageOf(comments.error)} onRetry={() => void comments.refetch()} />
  return (
    <>
      {comments.data.length === 0 ? <p className={styles.none}>No comments yet{mayWrite ? '. The first one may say what is good or wrong here.' : ''}</p> : (
        <ol className={styles.comments}>
          {comments.data.map((comment) => (
            <Comment key={comment.id} projectId={projectId} comment={comment} now={now} />
          ))}
        </ol>
      )}
      {mayWrite ? <NewComment projectId={projectId} objectType={objectType} objectId={objectId} /> : null}
    </>
  )
}

function Comment({ projectId, comment, now }: { projectId: string; comment: SignedComment; now: number }) {
  const client = useQueryClient()
  const key = ['comments', projectId, comment.objectType, comment.objectId]
  const remove = useMutation({
    mutationFn: () => deleteComment(projectId, comment.id),
    onSuccess: () => client.setQueryData<SignedComment[]>(key, (list) => list?.filter((entry) => entry.id !== comment.id)),
    onError: (error) => toast(`Comment not deleted: ${messageOf(error)}`, 'error'),
  })
  const author = comment.authorName ?? (comment.authorUserId == null ? 'API' : 'Someone who is gone')
  return (
    <li className={styles.comment}>
      <span className={styles.avatar} aria-hidden>
        {author.slice(0, 1).toUpperCase()}
      </span>
      <div className={styles.content}>
        <header className={styles.head}>
          <strong>
            <Hostile text={author} />
          </strong>
          <time className={styles.when} dateTime={comment.createdAt} data-tip={formatDateTime(comment.createdAt)}>
            {formatAgo(comment.createdAt, now)}
          </time>
          <span className={styles.gap} />
          {comment.mayDelete ? <IconButton icon="trash" size="sm" tone="danger" label={`Delete the comment of ${author.slice(0, 60)}`} disabled={remove.isPending} onClick={() => remove.mutate()} /> : null}
        </header>
        <Markdown text={comment.content} />
      </div>
    </li>
  )
}

function NewComment({ projectId, objectType, objectId }: { projectId: string; objectType: CommentObject; objectId: string }) {
  const client = useQueryClient()
  const [text, setText] = useState('')
  const add = useMutation({
    mutationFn: (content: string) => createComment(projectId, objectType, objectId, content),
    onSuccess: async () => {
      setText('')
      await client.invalidateQueries({ queryKey: ['comments', projectId, objectType, objectId] })
    },
  })
  const content = text.trim()
  const submit = (event?: SubmitEvent<HTMLFormElement>) => {
    event?.preventDefault()
    if (content !== '' && content.length <= MAX && !add.isPending) add.mutate(content)
  }
  return (
    <form
      className={styles.form}
      onSubmit={submit}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') submit()
      }}
    >
      <TextArea label="New comment" hideLabel placeholder="Write a comment, Markdown works" value={text} onChange={(event) => setText(event.target.value)} hint={content.length > MAX - 500 ? `${content.length} of ${MAX} characters` : undefined} />
      {add.isError ? <InlineError>{messageOf(add.error)}</InlineError> : null}
      <div className={styles.actions}>
        <Button type="submit" variant="primary" disabled={content === '' || content.length > MAX} busy={add.isPending}>
          Comment
        </Button>
      </div>
    </form>
  )
}
