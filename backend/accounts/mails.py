"""What the service writes to people about their accounts: neutral, Japanese and English.

No drug, no illness, no clinic visit is named: a mail is read on a lock screen.
"""

from smtplib import SMTPException

from django.core.mail import EmailMessage

from backend.api.language import reader_language
from backend.kernel.errors import Unavailable
from backend.kernel.text import Text

CODE = (
    Text("確認コードのお知らせ", "Your confirmation code"),
    Text(
        "確認コード：{code}\n\n15分以内に入力してください。"
        "お心当たりがない場合は、このメールを破棄してください。",
        "Your code: {code}\n\nEnter it within 15 minutes. "
        "If you did not ask for it, please ignore this message.",
    ),
)
SIGN_IN_CODE = (
    Text("ログインコードのお知らせ", "Your sign-in code"),
    Text(
        "ログインコード：{code}\n\n5分以内に、ログイン画面で入力してください。"
        "このコードは誰にも教えないでください。\n"
        "お心当たりがない場合は、このメールを破棄してください。",
        "Your sign-in code: {code}\n\nEnter it within 5 minutes where you are signing in. "
        "Do not tell it to anybody.\nIf you did not ask for it, please ignore this message.",
    ),
)
ACCOUNT_EXISTS = (
    Text("アカウントのお知らせ", "About your account"),
    Text(
        "このメールアドレスのアカウントはすでにあります。\n"
        "パスワードをお忘れの場合は、こちらから再設定してください：{reset_url}\n\n"
        "お心当たりがない場合は、このメールを破棄してください。",
        "There is an account with this e-mail address already.\n"
        "If you forgot the password, set a new one here: {reset_url}\n\n"
        "If you did not ask for this, please ignore this message.",
    ),
)
NO_ACCOUNT = (
    Text("アカウントのお知らせ", "About your request"),
    Text(
        "このメールアドレスのアカウントはありません。\n"
        "お心当たりがない場合は、このメールを破棄してください。",
        "There is no account with this e-mail address.\n"
        "If you did not ask for this, please ignore this message.",
    ),
)
SECURITY = (
    Text("アカウントの設定が変更されました", "Your account settings were changed"),
    Text(
        "パスワード、メールアドレスまたは二要素認証の設定が変更されました。\n"
        "お心当たりがない場合は、すぐにクリニックへご連絡ください。",
        "The password, e-mail address or two-factor settings of your account were changed.\n"
        "If this was not you, please contact your clinic at once.",
    ),
)
INVITATION = (
    Text("アカウントへのご招待", "Your account is ready"),
    Text(
        "{clinic} があなたのアカウントを作成しました。\n"
        "次のページでこのメールアドレスを入力し、届いたコードでパスワードを設定してください：\n"
        "{reset_url}",
        "{clinic} has made an account for you.\n"
        "Enter this e-mail address on the page below, and set your password with the code "
        "that you will receive:\n{reset_url}",
    ),
)
OF_ALLAUTH = {
    "account/email/email_confirmation_signup": CODE,
    "account/email/email_confirmation": CODE,
    "account/email/password_reset_code": CODE,
    "account/email/login_code": SIGN_IN_CODE,
    "account/email/account_already_exists": ACCOUNT_EXISTS,
    "account/email/unknown_account": NO_ACCOUNT,
}


def send_now(mail: tuple[Text, Text], *, to: str, **words: str) -> None:
    """Send one mail in the reader's language. Raises Unavailable (503) when it cannot go out."""
    language = reader_language()
    subject, body = (part.in_language(language) for part in mail)
    message = EmailMessage(
        subject, body.format(**words), to=[to], headers={"Auto-Submitted": "auto-generated"}
    )
    try:
        message.send()
    except (OSError, SMTPException) as error:
        raise Unavailable(
            Text("メールを送信できませんでした。", "The mail could not be sent.")
        ) from error
