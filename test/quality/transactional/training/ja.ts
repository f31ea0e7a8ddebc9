/** Japanese templates that may train. */
import type { Template } from '../template.ts'

export const japanese: readonly Template[] = [
  { kind: 'receipt', from: 'order', subject: '【{company}】ご注文ありがとうございます({order})', text: `
{name} 様

{この度はご注文いただき、誠にありがとうございます。|ご利用ありがとうございます。お支払いを確認いたしました。}

{items}

| ご注文番号 | {order}
| 合計金額 | {amount}
| お支払い | クレジットカード(下4桁 {card})

[[ご注文内容を確認する]]

{ご不明な点がございましたら、本メールにご返信ください。|お問い合わせは平日9時から18時まで承ります。}` },
  { kind: 'invoice', from: 'keiri', subject: '請求書送付のご案内({order})', text: `
{name} 様

いつもお世話になっております。{company} 経理担当です。

{month}分の請求書を添付にてお送りいたします。ご査収のほどよろしくお願いいたします。

| 請求書番号 | {order}
| ご請求金額 | {large}
| お支払期限 | {later}

お振込の際は請求書番号をご記入ください。` },
  { kind: 'shipping', from: 'shipping', subject: '{商品を発送いたしました|【発送完了】ご注文番号 {order}}', text: `
{name} 様

ご注文の「{product}」を本日発送いたしました。

| 配送業者 | {carrier}
| お問い合わせ番号 | {tracking}
| お届け予定日 | {soon}
| お届け先 | {city}{street}

[[配送状況を確認する]]

反映までに数時間かかる場合がございます。` },
  { kind: 'password', from: 'no-reply', subject: '{パスワード再設定のご案内|【{company}】パスワードの再設定}', text: `
{name} 様

パスワード再設定のお申し込みを受け付けました。

[[パスワードを再設定する]]

リンクの有効期限は{1時間|24時間}です。お心当たりのない場合は、このメールを破棄してください。` },
  { kind: 'code', from: 'security', subject: '認証コード:{code}', text: `
{company} のログイン認証コードをお知らせします。

# {code}

有効期限は{5|10|15}分です。第三者には絶対に教えないでください。` },
  { kind: 'alert', from: 'monitor', subject: '[{障害|警告|復旧}] {host} {service}', text: `
監視システムからの自動通知です。

| サービス | {service}
| ホスト | {host}
| 発生時刻 | {instant} UTC
| 値 | {ディスク使用率|CPU使用率|メモリ使用率} {percent}

計画作業の場合は通知を停止してください。` },
  { kind: 'invitation', from: 'calendar', subject: '会議のご案内:{プロジェクト定例|四半期計画|引き継ぎ} {soon}', text: `
{person} さんから会議への招待が届いています。

| 件名 | {プロジェクト定例|四半期計画|{service} の引き継ぎ}
| 日時 | {soon} {time}
| 場所 | {第{n}会議室|オンライン|{city}オフィス}

カレンダーで出欠をご回答ください。` },
  { kind: 'newsletter', from: 'news', subject: '{{month}のお知らせ|{company} メールマガジン {month}号}', text: `
# {month}のお知らせ

{いつもご愛顧いただきありがとうございます。今月の話題をお届けします。|{name} 様、今号は環境にやさしい包装についてご紹介します。}

- 「{product}」が再入荷しました
- {city}店の営業時間が{soon}から変わります
- 工場見学会のご報告

[[続きを読む]]

このメールは {email} でご登録の方にお送りしています。配信停止はこちら:{link}` },
  { kind: 'statement', from: 'statement', subject: '{month}分ご利用明細のお知らせ', text: `
{name} 様

{month}分のご利用明細を添付ファイル(PDF)にてお送りします。{ウェブ明細でもご確認いただけます。|内容をご確認ください。}

| カード番号 | 下4桁 {card}
| ご利用金額 | {large}

当社がメールで暗証番号をお尋ねすることはありません。` },
  { kind: 'build', from: 'ci', subject: '{失敗|成功}: {repository} #{n} ({branch})', text: `
{repository} のパイプライン #{n} が{失敗|成功}しました。

| ブランチ | {branch}
| コミット | {commit}({person})
| 所要時間 | {n}分

[[パイプラインを開く]]` },
  { kind: 'sign-in', from: 'account', subject: '新しい端末からのログインがありました', text: `
{name} 様

お客様のアカウントに新しい端末からログインがありました。

| 日時 | {instant} UTC
| 端末 | {browser}
| IPアドレス | {ip}

ご本人の場合、お手続きは不要です。お心当たりがない場合はパスワードを変更してください。

[[ログイン履歴を確認する]]` },
  { kind: 'reminder', from: 'yoyaku', subject: 'ご予約日のお知らせ({soon})', text: `
{name} 様

ご予約の日が近づいてまいりましたのでお知らせいたします。

日時:{soon} {time}
場所:{city}{street}

当日は{保険証|本人確認書類}をお持ちください。変更の場合は前日までにご連絡ください。

[[予約を変更する]]` },
] // biome-ignore format: texts
